variable "length" {
  default = 10
}
