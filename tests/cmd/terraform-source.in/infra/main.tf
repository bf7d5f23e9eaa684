locals {
  pools = {
    staff     = { length = 14 }
    customers = { length = 10 }
  }
}

module "pool" {
  source   = "./modules/pool"
  for_each = local.pools
  name     = each.key
  length   = each.value.length
}

resource "aws_cognito_user_pool_client" "web" {
  name         = "web"
  user_pool_id = module.pool["customers"].id
}
