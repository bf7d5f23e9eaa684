variable "length" {
  type = number
}

variable "create" {
  type    = bool
  default = null
}

resource "aws_cognito_user_pool" "main" {
  name = "main"

  password_policy {
    minimum_length = var.length
  }
}
