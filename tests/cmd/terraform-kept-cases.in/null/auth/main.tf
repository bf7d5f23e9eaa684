variable "stage" {
  type     = string
  default  = "dev"
  nullable = false
}

resource "aws_cognito_user_pool" "p" {
  name              = "p"
  mfa_configuration = var.stage == "dev" ? "OFF" : "ON"

  software_token_mfa_configuration {
    enabled = true
  }
}
