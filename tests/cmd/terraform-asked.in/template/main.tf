variable "strict" {
  type = bool
}
resource "aws_cognito_user_pool" "a" {
  name                = "a"
  deletion_protection = "%{if var.strict}ACTIVE%{else}INACTIVE%{endif}"
  mfa_configuration   = "%{if var.strict}ON%{else}ON%{endif}"
  software_token_mfa_configuration {
    enabled = true
  }
}
