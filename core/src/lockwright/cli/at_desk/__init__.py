"""``respond --desk``: an operator's terminal works on a case of the bank's help desk."""
