variable "invitation" {
  type      = string
  sensitive = true
  default   = "Your user name is {username}, your temporary password {####}."
}

variable "minimum_length" {
  type      = number
  sensitive = true
  default   = 14
}

variable "external_id" {
  type      = string
  sensitive = true
  default   = "example"
}

resource "aws_cognito_user_pool" "main" {
  name                     = "sensitive"
  auto_verified_attributes = ["email"]

  admin_create_user_config {
    allow_admin_create_user_only = true

    invite_message_template {
      email_message = var.invitation
      email_subject = "Your account"
      sms_message   = "Your user name is {username}, your temporary password {####}."
    }
  }

  password_policy {
    minimum_length    = var.minimum_length
    require_lowercase = true
  }
}

resource "aws_cognito_user_pool_client" "main" {
  name            = "sensitive"
  user_pool_id    = aws_cognito_user_pool.main.id
  generate_secret = true
}

output "secret" {
  value     = aws_cognito_user_pool_client.main.client_secret
  sensitive = true
}
