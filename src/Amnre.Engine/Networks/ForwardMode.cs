using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>How the layers of one model behave just now; shared by all of them.</summary>
internal sealed class ForwardMode
{
    /// <summary>Batch statistics and dropout are in use.</summary>
    public bool Training { get; set; }

    /// <summary>Gradients of this model are not differentiated again.</summary>
    public bool FirstDerivativesOnly { get; set; }

    /// <summary>A layer of the model draws from <see cref="Dropout"/> in training.</summary>
    public bool NeedsDropout { get; set; }

    /// <summary>Draws of dropout; set before each training step that needs them.</summary>
    public Generator? Dropout { get; set; }
}
