"""One module a page; each is found by being here. See `crossbook.web.frame`."""
