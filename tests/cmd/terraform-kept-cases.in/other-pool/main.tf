variable "a" {
  type = string
}

variable "z" {
  type = string
}

resource "aws_cognito_user_pool" "q" {
  count             = var.z == "yes" ? 1 : 0
  name              = "q"
  mfa_configuration = { prod = "ON" }[var.a]
}

resource "aws_cognito_user_pool" "p" {
  name              = "p"
  mfa_configuration = var.a == "prod" ? "ON" : "OFF"

  software_token_mfa_configuration {
    enabled = true
  }
}
