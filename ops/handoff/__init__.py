"""What mParticle is given: endpoints, proof, registration, logo."""
