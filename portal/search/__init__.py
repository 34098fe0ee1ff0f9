"""Where does somebody want to go, who typed a few letters? Each noun offers what it can find."""
