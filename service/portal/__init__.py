"""The portal: pages for suppliers, employees and citizens who were invited, without an account."""
