"""Networks that NumPy reads to act and TensorFlow to learn, and how observations become their inputs."""

from rlenvs_agents.networks.convolutional import NATURE, ConvolutionalNetwork
from rlenvs_agents.networks.dense import Network
from rlenvs_agents.networks.encoding import Encoder, Pictures

__all__ = ["NATURE", "ConvolutionalNetwork", "Encoder", "Network", "Pictures"]
