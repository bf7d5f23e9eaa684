variable "apps" {
  type = map(string)
}

variable "owner" {
  type = string
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_cognito_user_pool" "customers" {
  name = "customers"
  tags = { owner = var.owner }
}

resource "aws_cognito_user_pool_client" "app" {
  for_each     = var.apps
  name         = each.value
  user_pool_id = aws_cognito_user_pool.customers.id
}
