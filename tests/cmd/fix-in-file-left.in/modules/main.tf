module "pool" {
  source = "./pool"
}
