locals {
  regions = {
    eu = { mfa = "ON", protection = "INACTIVE" }
    us = { mfa = "OFF", protection = "INACTIVE" }
  }
}

module "auth" {
  source   = "./stack"
  for_each = local.regions
  settings = each.value
}
