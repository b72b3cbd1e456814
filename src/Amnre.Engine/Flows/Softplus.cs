using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>log(1 + e^u), the smooth positive part.</summary>
internal static class Softplus
{
    public static Tensor Of(Tensor u) => nn.functional.logsigmoid(u.neg()).neg();
}
