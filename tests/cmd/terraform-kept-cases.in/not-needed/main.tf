variable "s" {
  type = string
}

locals {
  strict = { prod = true, dev = true }
}

resource "aws_cognito_user_pool" "p" {
  name              = "p"
  mfa_configuration = var.s != null && local.strict[var.s] ? "ON" : "OFF"

  software_token_mfa_configuration {
    enabled = true
  }
}
