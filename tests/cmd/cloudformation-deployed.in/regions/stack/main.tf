variable "settings" {
  type = object({ mfa = string, protection = string })
}

locals {
  template = file("${path.module}/pool.yaml")
}

resource "aws_cloudformation_stack" "pool" {
  name          = "pool"
  template_body = local.template
  parameters    = { Mfa = var.settings.mfa, Protection = var.settings.protection }
}
