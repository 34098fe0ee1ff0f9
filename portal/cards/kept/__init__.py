"""What do the nouns there are keep of a person? One file for what lies close together."""
