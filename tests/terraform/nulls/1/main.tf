module "defaults" {
  source = "./modules/pool"
  name   = "defaults"
}

module "given" {
  source     = "./modules/pool"
  name       = "given"
  mfa        = null
  protection = "ACTIVE"
  tier       = "LITE"
}
