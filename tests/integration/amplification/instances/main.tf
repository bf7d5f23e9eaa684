module "a" {
  source   = "./a"
  for_each = toset([for x in range(100) : tostring(x)])
}
