# cognito-lint: ignore password-short owner="identity team" until=2027-01-31 reason="the sign-up form asks for more"
resource "aws_cognito_user_pool" "customers" {
  name                = "customers # cognito-lint: ignore mfa-missing owner=a until=2027-01-31 reason=b"
  deletion_protection = "ACTIVE"

  # Customers choose.
  # A comment above a waiver is as any other.
  # cognito-lint: ignore mfa-missing owner="identity team" until=2027-01-31 reason="customers choose" value="OPTIONAL"
  mfa_configuration = "OPTIONAL"

  software_token_mfa_configuration {
    enabled = true
  }
}

resource "aws_cognito_user_pool_client" "web" {
  name         = "web"
  user_pool_id = aws_cognito_user_pool.customers.id

  callback_urls = [
    "https://example.com/callback",
    "http://localhost:3000/callback", # cognito-lint: ignore callback-plain owner=web until=2027-01-31 reason="for development"
  ]
}

resource "aws_cognito_user_pool_client" "app" {
  name         = "app"
  user_pool_id = aws_cognito_user_pool.customers.id

  callback_urls = [
    "http://example.com/callback",
    "http://localhost:3000/callback", # cognito-lint: ignore callback-plain owner=web until=2027-01-31 reason="for development"
  ]
}

// cognito-lint: ignore mfa-missing, password-short owner="staff team" until=2026-11-01 reason="until the tokens are there"
module "staff" {
  source   = "./modules/pool"
  for_each = toset(["staff", "partners"])
  name     = each.key
}

resource "aws_cognito_user_pool" "test" {
  name                = "test"
  deletion_protection = "ACTIVE"
  mfa_configuration   = var.mfa

  password_policy {
    minimum_length = 14 /* cognito-lint: ignore password-short owner=test until=2027-01-31 reason="a test" */
  }
}

variable "mfa" {
  default = "OFF" # cognito-lint: ignore mfa-missing owner=test until=2026-12-05 reason="a test" value=ON
}
