resource "aws_cognito_user_pool" "main" {
  name              = "customers"
  mfa_configuration = "ON"
}

resource "aws_cloudformation_stack" "url" {
  name          = "url"
  template_url = "https://example.com/pool.json"
}

resource "aws_cloudformation_stack" "file" {
  name          = "file"
  template_body = file("${path.module}/pool.tmpl")
}

resource "aws_cloudformation_stack" "network" {
  name          = "network"
  template_body = file("${path.module}/network.tmpl")
}
