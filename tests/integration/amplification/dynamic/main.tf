resource "aws_cognito_user_pool" "p" {
  name = "a"
  dynamic "schema" {
    for_each = range(1000000)
    content {
      name                = schema.value
      attribute_data_type = "String"
      dynamic "string_attribute_constraints" {
        for_each = range(1000000)
        content {
          min_length = string_attribute_constraints.value
        }
      }
    }
  }
}
