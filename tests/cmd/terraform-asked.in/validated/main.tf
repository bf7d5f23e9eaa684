variable "mfa" {
  type = string
  validation {
    condition     = contains(["ON", "OPTIONAL"], var.mfa)
    error_message = "MFA is needed."
  }
}
variable "length" {
  type    = number
  default = 6
  validation {
    condition     = var.length >= 12
    error_message = "Too short."
  }
}
resource "aws_cognito_user_pool" "a" {
  name              = "a"
  mfa_configuration = var.mfa == "OFF" ? "OFF" : "ON"
  software_token_mfa_configuration {
    enabled = true
  }
}
resource "aws_cognito_user_pool" "b" {
  name = "b"
  password_policy {
    minimum_length = var.length
  }
}
