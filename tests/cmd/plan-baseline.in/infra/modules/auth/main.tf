variable "name" {
  type = string
}

variable "minimum_length" {
  type = number
}

variable "clients" {
  type = map(string)
}

# cognito-lint: ignore mfa-missing owner="identity team" until=2027-01-31 reason="customers choose"
resource "aws_cognito_user_pool" "this" {
  count = 1
  name  = var.name

  password_policy {
    minimum_length                   = var.minimum_length
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = false
    require_uppercase                = true
    temporary_password_validity_days = 3
  }

  dynamic "admin_create_user_config" {
    for_each = var.name == "staff" ? [true] : []
    content {
      allow_admin_create_user_only = admin_create_user_config.value
    }
  }
}

resource "aws_cognito_user_pool_client" "this" {
  for_each = var.clients

  name                                 = each.key
  user_pool_id                         = aws_cognito_user_pool.this[0].id
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid"]
  callback_urls                        = [each.value]
  supported_identity_providers         = ["COGNITO"]
}

output "pool_id" {
  value = one(aws_cognito_user_pool.this[*].id)
}
