locals {
  pools = {
    customers = { minimum = 8, clients = { web = "https://shop.example.com/callback", app = "example://callback" } }
    staff     = { minimum = 14, clients = { intranet = "https://intranet.example.com/callback" } }
  }
}

module "auth" {
  source   = "./modules/auth"
  for_each = local.pools

  name           = each.key
  minimum_length = each.value.minimum
  clients        = each.value.clients
}

# A client of a pool that is in a module.
resource "aws_cognito_user_pool_client" "outside" {
  name                = "outside"
  user_pool_id        = module.auth["staff"].pool_id
  explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
}
