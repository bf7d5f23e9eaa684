variable "extra" {
  type = bool
}
