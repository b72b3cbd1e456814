using System.Runtime.CompilerServices;
using Amnre.Engine.Native;

namespace Amnre.Engine.Tests.Native;

internal static class TorchLoading
{
    /// <summary>Before any test touches a tensor, whichever runs first.</summary>
    [ModuleInitializer]
    internal static void Load() => TorchLibrary.EnsureLoaded();
}
