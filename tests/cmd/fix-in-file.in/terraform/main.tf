variable "protection" {
  type    = string
  default = "INACTIVE"
}

resource "aws_cognito_user_pool" "main" {
  name                = "customers"
  deletion_protection = var.protection

  password_policy {
    minimum_length    = 8 # as it was
    require_lowercase = true
    require_numbers   = true
    require_symbols   = false
    require_uppercase = true
  }
}

resource "aws_cognito_user_pool" "staff" { name = "staff" }

resource "aws_cognito_user_pool_client" "web" {
  name         = "web"
  user_pool_id = aws_cognito_user_pool.main.id
}
