variable "protection" {
  type    = string
  default = "INACTIVE"
}

variable "length" {
  type    = number
  default = 8
}

resource "aws_cognito_user_pool" "main" {
  name                = "customers"
  deletion_protection = var.protection

  password_policy {
    minimum_length = var.length
  }
}

output "length" {
  value = var . length
}
