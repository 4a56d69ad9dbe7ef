"""One delivery on one account, in every order in which its steps can happen: a model, and a search of all of it."""
