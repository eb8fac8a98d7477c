"""What authors do after handing in, by account or by receipt: answer, change, withdraw, take over into an account."""
