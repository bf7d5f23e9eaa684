variable "protection" {
  default = "INACTIVE"
}

resource "aws_cognito_user_pool" "main" {
  name                = "customers"
  deletion_protection = var.protection
  tags                = { protection = var.protection }

  dynamic "password_policy" {
    for_each = [8]
    content {
      minimum_length = password_policy.value
    }
  }
}
