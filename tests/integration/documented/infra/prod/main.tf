variable "mfa" {
  type    = string
  default = "OFF"
}

variable "length" {
  type    = number
  default = 8
}

resource "aws_cognito_user_pool" "prod" {
  name              = "prod-customers"
  mfa_configuration = var.mfa

  password_policy {
    minimum_length = var.length
  }

  software_token_mfa_configuration {
    enabled = true
  }
}
