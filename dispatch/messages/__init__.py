"""What crew, receiving emergency room and dispatch centre say to each other in writing, and who has read it."""
