variable "name" {
  type = string
}

variable "mfa" {
  type    = string
  default = null
}

variable "protection" {
  type    = string
  default = null
}

variable "tier" {
  type    = string
  default = null
}

variable "flows" {
  type    = list(string)
  default = null
}

resource "aws_cognito_user_pool" "this" {
  name                = var.name
  mfa_configuration   = var.mfa
  deletion_protection = var.protection
  user_pool_tier      = var.tier
}

resource "aws_cognito_user_pool_client" "this" {
  name                          = "${var.name}-client"
  user_pool_id                  = aws_cognito_user_pool.this.id
  explicit_auth_flows           = var.flows
  enable_token_revocation       = null
  prevent_user_existence_errors = null
  generate_secret               = null
}
