resource "aws_cloudformation_stack" "main" {
  name = "pools"

  template_body = jsonencode({
    Resources = {
      Pool = { Type = "AWS::Cognito::UserPool" }
    }
  })
}
