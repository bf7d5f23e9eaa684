resource "aws_cloudformation_stack" "pool" {
  name          = "pool"
  template_body = file("pool.yaml")
  parameters    = { Protection = "INACTIVE" }
}
