namespace Amnre.Engine.Networks;

/// <summary>What the layers of one model are built with.</summary>
internal sealed record Construction(InitialWeights Weights, ForwardMode Mode);
