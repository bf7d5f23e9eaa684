resource "aws_cognito_user_pool" "p" {
  count = 1000000000
  name  = "a${count.index}"
}
resource "aws_cognito_user_pool_client" "c" {
  count        = 10000
  name         = "c"
  user_pool_id = aws_cognito_user_pool.p[count.index].id
}
