resource "aws_cognito_user_pool" "main" { # { the pool of customers
  name = "customers"
}

resource "aws_cognito_user_pool" "staff" /* { */ {
  name = "staff"
}

resource "aws_cognito_user_pool" "other" {
  /* clé= */ name = "other"
}
