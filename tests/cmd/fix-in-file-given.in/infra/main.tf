variable "length" {
  type = number
}

variable "protection" {
  type    = string
  default = "ACTIVE"
}

resource "aws_cognito_user_pool" "main" {
  name                = "customers"
  deletion_protection = var.protection

  password_policy {
    minimum_length = var.length
  }
}
