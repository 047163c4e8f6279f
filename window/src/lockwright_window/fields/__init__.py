"""Fields for what a person types: PINs, Requests, Responses, with what belongs to them."""
