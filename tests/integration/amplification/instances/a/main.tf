module "b" {
  source   = "./b"
  for_each = toset([for x in range(100) : tostring(x)])
}
