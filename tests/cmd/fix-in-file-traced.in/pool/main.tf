variable "length" {
  type = number
}

resource "aws_cognito_user_pool" "this" {
  name                = "inner"
  deletion_protection = "ACTIVE"

  password_policy {
    minimum_length    = var.length
    require_lowercase = true
    require_numbers   = true
    require_symbols   = true
    require_uppercase = true
  }
}
