variable "name" {
  type = string
}

variable "length" {
  type    = number
  default = 8
}

resource "aws_cognito_user_pool" "this" {
  name                       = var.name
  email_verification_message = file("${path.module}/message.txt")

  password_policy {
    minimum_length = var.length
  }
}

output "id" {
  value = aws_cognito_user_pool.this.id
}
