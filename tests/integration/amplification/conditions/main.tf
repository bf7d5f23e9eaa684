resource "aws_cognito_user_pool" "p" {
  name = local.x
}
locals {
  c0 = var.v
  c1 = local.c0 == local.c0 ? local.c0 : local.c0
  c2 = local.c1 == local.c1 ? local.c1 : local.c1
  c3 = local.c2 == local.c2 ? local.c2 : local.c2
  c4 = local.c3 == local.c3 ? local.c3 : local.c3
  c5 = local.c4 == local.c4 ? local.c4 : local.c4
  c6 = local.c5 == local.c5 ? local.c5 : local.c5
  c7 = local.c6 == local.c6 ? local.c6 : local.c6
  c8 = local.c7 == local.c7 ? local.c7 : local.c7
  c9 = local.c8 == local.c8 ? local.c8 : local.c8
  c10 = local.c9 == local.c9 ? local.c9 : local.c9
  c11 = local.c10 == local.c10 ? local.c10 : local.c10
  c12 = local.c11 == local.c11 ? local.c11 : local.c11
  c13 = local.c12 == local.c12 ? local.c12 : local.c12
  c14 = local.c13 == local.c13 ? local.c13 : local.c13
  c15 = local.c14 == local.c14 ? local.c14 : local.c14
  c16 = local.c15 == local.c15 ? local.c15 : local.c15
  c17 = local.c16 == local.c16 ? local.c16 : local.c16
  c18 = local.c17 == local.c17 ? local.c17 : local.c17
  c19 = local.c18 == local.c18 ? local.c18 : local.c18
  c20 = local.c19 == local.c19 ? local.c19 : local.c19
  c21 = local.c20 == local.c20 ? local.c20 : local.c20
  c22 = local.c21 == local.c21 ? local.c21 : local.c21
  c23 = local.c22 == local.c22 ? local.c22 : local.c22
  c24 = local.c23 == local.c23 ? local.c23 : local.c23
  c25 = local.c24 == local.c24 ? local.c24 : local.c24
  c26 = local.c25 == local.c25 ? local.c25 : local.c25
  c27 = local.c26 == local.c26 ? local.c26 : local.c26
  c28 = local.c27 == local.c27 ? local.c27 : local.c27
  c29 = local.c28 == local.c28 ? local.c28 : local.c28
  c30 = local.c29 == local.c29 ? local.c29 : local.c29
  c31 = local.c30 == local.c30 ? local.c30 : local.c30
  c32 = local.c31 == local.c31 ? local.c31 : local.c31
  c33 = local.c32 == local.c32 ? local.c32 : local.c32
  c34 = local.c33 == local.c33 ? local.c33 : local.c33
  c35 = local.c34 == local.c34 ? local.c34 : local.c34
  c36 = local.c35 == local.c35 ? local.c35 : local.c35
  c37 = local.c36 == local.c36 ? local.c36 : local.c36
  c38 = local.c37 == local.c37 ? local.c37 : local.c37
  c39 = local.c38 == local.c38 ? local.c38 : local.c38
  x = local.c39
}
variable "v" {}
