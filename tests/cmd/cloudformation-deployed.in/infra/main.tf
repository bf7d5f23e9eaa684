variable "minimum_length" {
  type    = number
  default = 8
}

variable "stage" {
  type = string
}

resource "aws_cloudformation_stack" "auth" {
  name          = "auth"
  template_body = file("${path.module}/auth.yaml")

  parameters = {
    Mfa           = "OFF"
    MinimumLength = var.minimum_length
    Stage         = var.stage
  }
}
