# The provider sends what these blocks leave out, too.
resource "aws_cognito_user_pool" "omitted" {
  name = "omitted"

  password_policy {
    require_symbols = true
  }
}

resource "aws_cognito_user_pool" "zero" {
  name = "zero"

  dynamic "password_policy" {
    for_each = ["policy"]
    content {
      require_symbols = true
    }
  }
}

resource "aws_cognito_user_pool" "default" {
  name = "default"
}

resource "aws_cognito_user_pool_client" "units" {
  name         = "units"
  user_pool_id = aws_cognito_user_pool.default.id

  token_validity_units {}
}
