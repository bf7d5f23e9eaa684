variable "stage" {
  type = string
}

module "auth" {
  count  = var.stage == "dev" ? 0 : 1
  source = "./auth"
  stage  = var.stage
}
