resource "aws_cognito_user_pool" "main" {
  name = "main"
  password_policy {
    minimum_length = local.length
  }
}

module "auth" {
  source = "example/cognito-user-pool/aws"
}

module "network" {
  source = "example/vpc/aws"
}
