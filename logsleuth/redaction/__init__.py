"""Taking out of a text who and where: people, machines, secrets. What is left still tells the story."""
