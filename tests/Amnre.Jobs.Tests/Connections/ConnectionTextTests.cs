using Amnre.Engine;
using Amnre.Jobs.Connections;
using Npgsql;

namespace Amnre.Jobs.Tests.Connections;

public sealed class ConnectionTextTests
{
    [Theory]
    [InlineData("Host=db;Port=5433;Database=x;Username=u;Password=s3cret!")]
    [InlineData("host=db; port=5433; database=x; username=u; password=s3cret!")]
    [InlineData("password=s3cret!; host=db; port=5433; database=x; user id=u")]
    [InlineData("host=db port=5433 dbname=x user=u password=s3cret!")]
    [InlineData("  host = db\tport = '5433'  dbname='x' user=u password = 's3cret!' ")]
    [InlineData("hostaddr=db host=other port=5433 dbname=x user=u password=s3cret! connect_timeout=15 client_encoding=UTF8 sslmode=prefer")]
    [InlineData("postgresql://u:s3cret!@db:5433/x")]
    [InlineData("postgres://u:s3cret%21@db:5433/x?sslmode=prefer&connect_timeout=15")]
    [InlineData("postgresql:///x?host=db&port=5433&user=u&password=s3cret!")]
    public void It_is_understood_in_each_form(string text)
    {
        var read = ConnectionText.Read(text, "AMNRE_POSTGRES");

        Assert.Equal(("db", 5433, "x", "u", "s3cret!"), (read.Host, read.Port, read.Database, read.Username, read.Password));
        // Hands on: what is given to children and to Slurm is Npgsql's.
        Assert.Equal("s3cret!", new NpgsqlConnectionStringBuilder(read.ConnectionString).Password);
    }

    [Theory]
    [InlineData(@"host=db password='with blanks; and \' quotes'", "with blanks; and ' quotes")]
    [InlineData(@"host=db password=a\ b\\c", @"a b\c")]
    [InlineData("password=with;inside host=db", "with;inside")]
    [InlineData("Host=db;Password=\"with;quotes\"", "with;quotes")]
    [InlineData("postgresql://u:a%2Fb%40c%3Ad%25@db/x", "a/b@c:d%")]
    public void Passwords_may_hold_anything(string text, string password) =>
    Assert.Equal(password, ConnectionText.Read(text, "it").Password);

    [Theory]
    [InlineData("host=/var/run/postgresql dbname=x", "/var/run/postgresql", 5432)]
    [InlineData("postgresql://%2Fvar%2Frun/x", "/var/run", 5432)]
    [InlineData("postgresql://u@[::1]:5433/x", "::1", 5433)]
    [InlineData("host=a,b port=5433,5434 dbname=x", "a:5433,b:5434", 5433)]
    [InlineData("postgresql://a:5433,b:5434/x", "a:5433,b:5434", 5433)]
    [InlineData("dbname=x", "localhost", 5432)]
    [InlineData("postgresql://", "localhost", 5432)]
    [InlineData("Host=db;GSS Encryption Mode=Disable", "db", 5432)]
    [InlineData("host=db", "db", 5432)]
    public void Hosts_are_where_they_are(string text, string host, int port)
    {
        var read = ConnectionText.Read(text, "it");
        Assert.Equal((host, port), (read.Host, read.Port));
    }

    [Theory]
    [InlineData("nonsense=1", "its keyword 'nonsense' is not known")]
    [InlineData("Host=db;Password=TopSecret;1=2", "one of its keywords is not known")]
    [InlineData("Host=db;Password=TopSecret;;=", "semicolon")]
    [InlineData("host=db password='TopSecret", "")]
    [InlineData("host=db port=TopSecret", "'port' is no number")]
    [InlineData("host=db sslmode=TopSecret dbname=x", "'sslmode'")]
    [InlineData("Host=db;Port=TopSecret", "a value is not what its keyword takes")]
    [InlineData("host=db service=TopSecret", "libpq's 'service' is not understood")]
    [InlineData("postgresql://u:Top/Secret@db/x", "%2F")]
    [InlineData("postgresql://u:Top@Secret@db/x", "%40")]
    [InlineData("postgresql://db/x?TopSecret=1", "is not libpq's")]
    [InlineData("host=a,b port=1,2,3", "2 hosts and 3 ports")]
    [InlineData("Host=db;Multiplexing=true", "leave it out")]
    [InlineData("TopSecret", "KEYWORD=VALUE")]
    public void What_is_none_is_refused_without_a_word_of_what_may_be_secret(string text, string says)
    {
        var refused = Assert.Throws<InputException>(() => ConnectionText.Read(text, "AMNRE_POSTGRES"));

        Assert.StartsWith("AMNRE_POSTGRES ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        foreach (var part in new[] { "TopSecret", "Top/", "Secret@" })
            Assert.DoesNotContain(part, refused.ToString(), StringComparison.Ordinal);
    }
}
